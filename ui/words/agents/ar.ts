// What the desk says of its agents, in Arabic.

import { isolated } from '../forms.ts';
import type { AgentsWords } from './en.ts';

export const agents: AgentsWords = {
  agents: 'الفريق',
  signOut: 'تسجيل الخروج',
  changePassword: 'تغيير كلمة المرور',
  roleAgent: 'موظف دعم',
  roleSupervisor: 'مشرف',
  roleOwner: 'مالك',
  roleAgentMay: 'يقرأ كل المحادثات ويرد عليها.',
  roleSupervisorMay: 'يحدد أيضًا متى يجيب الذكاء الاصطناعي، ويحفظ النظام.',
  roleOwnerMay: 'يحدد أيضًا من ينتمي إلى الفريق.',
  roleOf: (name) => `دور ${isolated(name)}`,
  removeAgent: (name) => `إزالة ${isolated(name)}`,
  removeSure: (name) => `إزالة ${isolated(name)}؟ تنتهي كل جلساته فورًا.`,
  removeYes: 'نعم، إزالة',
  cancel: 'إلغاء',
  inviteSomebody: 'دعوة شخص',
  email: 'البريد الإلكتروني',
  role: 'الدور',
  makeLink: 'إنشاء رابط',
  linkFor: (email) => `الرابط الخاص بـ ${isolated(email)} يعمل مرة واحدة خلال سبعة أيام، ولا يظهر إلا هنا.`,
  invitationLink: 'رابط الدعوة',
  copyLink: 'نسخ الرابط',
  copied: 'تم النسخ',
  openInvitations: 'دعوات مفتوحة',
  withdraw: (email) => `سحب دعوة ${isolated(email)}`,
  agentsFailed: 'تعذّر تحميل قائمة الفريق',
  lastOwner: 'لا بد من مالك. اجعل شخصًا آخر مالكًا أولًا.',
  agentExists: 'يوجد موظف بهذا البريد بالفعل.',
  agentsFull: 'بلغ عدد الموظفين والدعوات حده الأقصى.',
  emailRefused: 'أدخل عنوان بريد إلكتروني.',
  notChanged: 'لم ينجح ذلك الآن. حاول مرة أخرى بعد قليل.',
};
