// العربية.

import { agents } from './agents/ar.ts';
import { ai } from './ai/ar.ts';
import { aiDesk } from './ai-desk/ar.ts';
import { ban } from './ban/ar.ts';
import type { DeskWords } from './en.ts';
import { counting, isolated, listing } from './forms.ts';
import { moderation } from './moderation/ar.ts';

const count = counting('ar');
const listed = listing('ar');

export const words: DeskWords = {
  ...ai,
  ...aiDesk,
  ...ban,
  ...moderation,
  ...agents,

  inbox: 'صندوق الوارد',
  conversations: 'المحادثات',
  unreadCount: (n) => count(n, { other: '# غير مقروءة' }),
  exactly: (n) => count(n, { other: '#' }),
  moreThan: (n) => count(n, { other: '#+' }),
  inboxFailed: 'لم يُحمَّل صندوق الوارد',
  noConversations: 'لا محادثات بعد',
  firstMessageOpens: 'تُفتح المحادثة بأول رسالة من الزائر.',
  nothingUnread: 'لا شيء غير مقروء',
  allRead: 'قُرئت كل الرسائل هنا.',
  loadingMore: 'جارٍ تحميل المزيد…',
  showMore: 'عرض المزيد',
  noMessagesYet: 'لا رسائل بعد',
  byAi: 'ذكاء اصطناعي:',
  byYou: 'أنت:',
  filter: 'التصفية',
  all: 'الكل',
  unread: 'غير المقروءة',

  search: 'البحث في الرسائل',
  searching: 'جارٍ البحث…',
  searchFailed: 'تعذّر البحث',
  nothingFound: 'لا نتائج',
  tryOtherWords: 'يجب أن ترد كل الكلمات؛ ويكفي أول الكلمة الأخيرة.',
  results: 'نتائج البحث',
  clearSearch: 'مسح البحث',

  conversationWith: (name) => `محادثة مع ${isolated(name)}`,
  backToInbox: 'العودة إلى صندوق الوارد',
  conversationFailed: 'لم تُحمَّل هذه المحادثة',
  nothingSaid: 'لم يُقل شيء بعد',
  yoursStartsIt: 'تبدأ المحادثة برسالتك.',
  writeReply: 'اكتب ردًا…',
  chooseConversation: 'اختر محادثة',
  allQuiet: 'كل شيء هادئ',
  appearsHere: 'عندما يكتب زائر، تظهر المحادثة في صندوق الوارد.',
  forAgents: 'هذه الصفحة لموظفي الدعم',
  youAreVisitor: 'سجّلت الدخول بصفتك زائرًا. محادثتك في صفحة أخرى.',
  openChat: 'فتح المحادثة',
  somebodySaid: (name) => `قال ${isolated(name)}:`,
  aColleague: 'أحد الزملاء',
  alsoOpen: (names) => `مفتوحة أيضًا عند ${listed(names)}`,
  colleagueTyping: (name) => `${isolated(name)} يكتب ردًا أيضًا`,
  repliedMeanwhile: (name) => `ردّ ${isolated(name)} بينما كنت تكتب.`,
  dismiss: 'إخفاء',
  toMessage: 'جارٍ البحث عن الرسالة…',

  details: 'التفاصيل',
  lastActive: 'آخر نشاط',
  waitingSince: 'ينتظر منذ',
  keys: 'المفاتيح',

  alertsOn: 'تشغيل الصوت والإشعارات',
  alertsOff: 'إيقاف الصوت والإشعارات',
  alertsBlocked: 'يحظر المتصفح إشعارات هذا الموقع؛ الصوت مُشغَّل.',
  newConversation: (name) => `محادثة جديدة مع ${isolated(name)}`,

  commands: 'الأوامر',
  findCommand: 'ماذا تريد أن تفعل؟',
  noCommand: 'لا يوجد أمر كهذا',
  shortcuts: 'اختصارات لوحة المفاتيح',
  close: 'إغلاق',
  nextConversation: 'المحادثة التالية',
  previousConversation: 'المحادثة السابقة',
  reply: 'رد',
  leave: 'مغادرة الحقل ثم المحادثة',
  showAll: 'عرض كل المحادثات',
  showUnread: 'عرض المحادثات غير المقروءة فقط',
  showShortcuts: 'عرض اختصارات لوحة المفاتيح',
  openCommands: 'فتح الأوامر',
  keyControl: 'Ctrl',
  keyEscape: 'Esc',
};
