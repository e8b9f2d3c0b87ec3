// What the page of the login says, in Arabic.

import { counting, isolated } from '../forms.ts';
import type { LoginWords } from './en.ts';

const count = counting('ar');

export const login: LoginWords = {
  signIn: 'تسجيل الدخول',
  forTheTeam: 'لمن يردّون على زوار هذا الموقع.',
  email: 'البريد الإلكتروني',
  password: 'كلمة المرور',
  name: 'الاسم',
  nameWhy: 'يراه الزوار والزملاء.',
  passwordWhy: '15 حرفًا على الأقل. أربع كلمات أو خمس لا علاقة بينها يسهل تذكّرها.',
  setUpTitle: 'إعداد مكتب الدعم',
  setUpWhy: 'ستكون أول مالك له، ويمكنك دعوة آخرين.',
  setUp: 'إنشاء الحساب',
  joinTitle: 'الانضمام إلى الفريق',
  joinAs: (email) => `الدعوة موجّهة إلى ${isolated(email)}.`,
  join: 'انضمام',
  wrong: 'البريد الإلكتروني أو كلمة المرور غير صحيحة.',
  locked: (seconds) => count(seconds, { other: 'محاولات كثيرة جدًا. يمكنك المحاولة مجددًا بعد # ث.' }),
  tooShort: 'كلمة المرور هذه أقصر من 15 حرفًا.',
  tooLong: 'كلمة المرور هذه طويلة جدًا.',
  guessable: 'كلمة المرور هذه سهلة التخمين. اختر كلمات أخرى.',
  emailRefused: 'أدخل عنوان بريد إلكتروني.',
  nameRefused: 'أدخل اسمًا لا يزيد على 100 حرف.',
  changePassword: 'تغيير كلمة المرور',
  changeWhy: 'سيُسجَّل خروجك من جميع المتصفحات الأخرى.',
  currentPassword: 'كلمة المرور الحالية',
  newPassword: 'كلمة المرور الجديدة',
  change: 'غيّر كلمة المرور',
  notCurrent: 'هذه ليست كلمة مرورك الحالية.',
  backToDesk: 'العودة إلى مكتب الدعم',
  linkVoid: 'لم يعد هذا الرابط صالحًا',
  linkVoidWhy: 'استُخدم أو سُحب أو انتهت مدته. اطلب رابطًا جديدًا.',
  toSignIn: 'إلى تسجيل الدخول',
  notNow: 'لم ينجح ذلك الآن. حاول مرة أخرى بعد قليل.',
  needsTls: 'تحتاج هذه الصفحة إلى https',
  needsTlsWhy:
    'لا تحتفظ المتصفحات بتسجيل الدخول في صفحة بلا https. افتحها عبر https، أو على الخادم نفسه عبر 127.0.0.1.',
};
