// What both pages say of the AI, in Arabic.

import { isolated } from '../forms.ts';
import type { AiWords } from './en.ts';

export const ai: AiWords = {
  talkToPerson: 'التحدث إلى شخص',
  askingPerson: 'جارٍ طلب شخص…',
  personLater: 'اكتب رسالتك، وسيجيبك شخص.',
  stopAnswer: 'إيقاف',
  aiFirst: 'يجيب الذكاء الاصطناعي أولًا. يمكنك طلب شخص في أي وقت.',
  didNotWork: 'لم ينجح ذلك.',
  wasItHelpful: 'هل أفادك هذا؟',
  helpful: 'مفيد',
  notHelpful: 'غير مفيد',
  sources: 'المصادر',
  youAskedForPerson: 'طلبت التحدث إلى شخص. سيجيبك موظف دعم هنا.',
  aiPassedOn: 'أحال الذكاء الاصطناعي طلبك. سيجيبك موظف دعم هنا.',
  agentAnswers: (name) => `يجيب ${isolated(name)} من الآن فصاعدًا.`,
  anAgentAnswers: 'يجيب موظف دعم من الآن فصاعدًا.',
  aiAnswersAgain: 'عاد الذكاء الاصطناعي إلى الإجابة.',
  youStopped: 'أوقفتَ الإجابة.',
  answerStopped: 'أُوقفت الإجابة.',
  foundHelpful: 'كانت مفيدة',
  foundNotHelpful: 'لم تكن مفيدة',
};
