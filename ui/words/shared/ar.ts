// العربية.

import { counting, isolated } from '../forms.ts';
import type { SharedWords } from './en.ts';

const count = counting('ar');

export const words: SharedWords = {
  support: 'الدعم',
  pleaseSignIn: 'يُرجى تسجيل الدخول',
  signInHere: 'سجّل الدخول إلى هذا الموقع ثم عُد إلى هذه الصفحة.',
  haveSignedIn: 'سجّلت الدخول',
  noAnswer: 'الخادم لا يستجيب',
  tryingAgain: 'تُعاد المحاولة تلقائيًا. ليس عليك فعل شيء.',
  offline: 'أنت غير متصل. ستُرسل الرسائل عند عودة الاتصال.',
  reconnecting: 'جارٍ إعادة الاتصال…',
  connecting: 'جارٍ الاتصال…',
  reload: 'إعادة التحميل',
  signInAgain: 'يُرجى تسجيل الدخول مرة أخرى.',
  noAccess: 'لا يحق لك الوصول إلى هذه المحادثة.',
  barred: 'لم يعد بإمكانك الكتابة هنا.',
  appeal: 'إذا كنت تظن أن هذا خطأ، فاكتب إلى القائمين على هذا الموقع.',
  serverClosed: (why) => `أغلق الخادم المحادثة (${isolated(why)}).`,

  conversation: 'المحادثة',
  messages: 'الرسائل',
  message: 'الرسالة',
  send: 'إرسال',
  retry: 'إعادة المحاولة',
  remove: 'حذف',
  you: 'أنت',
  assistant: 'المساعد',
  ai: 'ذكاء اصطناعي',
  youSaid: 'قلتَ:',
  sending: 'قيد الإرسال',
  sent: 'أُرسلت',
  seen: 'شوهدت',
  tooLong: 'أطول من أن تُرسل.',
  notAllowed: 'غير مسموح هنا.',
  wordsRefused: 'فيها كلمات غير مقبولة هنا.',
  notSent: 'لم تُرسل.',
  newMessages: (n) =>
    count(n, {
      one: 'رسالة جديدة واحدة',
      two: 'رسالتان جديدتان',
      few: '# رسائل جديدة',
      many: '# رسالة جديدة',
      other: '# رسالة جديدة',
    }),
  unreadMessages: (n) =>
    count(n, {
      one: 'رسالة واحدة غير مقروءة',
      two: 'رسالتان غير مقروءتين',
      few: '# رسائل غير مقروءة',
      many: '# رسالة غير مقروءة',
      other: '# رسالة غير مقروءة',
    }),
  manyUnread: 'أكثر من 99 رسالة غير مقروءة',
  toLatest: 'الانتقال إلى أحدث رسالة',
  loadingEarlier: 'جارٍ تحميل الرسائل السابقة…',
  earlierFailed: 'لم تُحمَّل الرسائل السابقة.',
  isTyping: (name) => `${isolated(name)} يكتب الآن`,
  heldBack: (seconds) =>
    count(seconds, {
      one: 'طلب الخادم التمهّل. إعادة الإرسال بعد ثانية واحدة.',
      two: 'طلب الخادم التمهّل. إعادة الإرسال بعد ثانيتين.',
      few: 'طلب الخادم التمهّل. إعادة الإرسال بعد # ثوانٍ.',
      other: 'طلب الخادم التمهّل. إعادة الإرسال بعد # ثانية.',
    }),

  supportChat: 'محادثة الدعم',
  hello: 'مرحبًا.',
  howCanWeHelp: 'كيف يمكننا مساعدتك؟',
  askAway: 'اطرح سؤالًا، أو أبلغ عن مشكلة، أو أخبرنا برأيك فحسب.',
  writeToUs: 'راسلنا',
  yourEmail: 'بريدك الإلكتروني',
  emailWhy: 'لنعرف من يكتب، ولتجد رسائلك عند عودتك.',
  emailRefused: 'أدخل عنوان بريد إلكتروني مثل ann@example.com.',
  closeChat: 'إغلاق المحادثة',
  startChatting: 'بدء المحادثة',
  notYou: 'لست أنت؟',
  writeMessage: 'اكتب رسالة…',
  writeBelow: 'اكتب سؤالك في الأسفل. يمكنك المغادرة: ستجد الجواب هنا عند عودتك.',
  beginning: 'هنا تبدأ محادثتك، وستبقى هنا عندما تغادر.',
  youAreAgent: 'سجّلت الدخول بصفتك موظف دعم',
  deskElsewhere: 'يتحدث الزوار في هذه الصفحة. محادثاتك في مكتب الدعم.',
  openDesk: 'فتح مكتب الدعم',
};
