// العربية.

import { isolated, listing } from '../forms.ts';
import type { ModerationWords } from './en.ts';

const listed = listing('ar');

export const moderation: ModerationWords = {
  flagged: 'للمراجعة',
  showFlagged: 'عرض ما ينتظر المراجعة',
  nothingFlagged: 'لا شيء للمراجعة',
  allReviewed: 'تمت مراجعة كل ما وُضعت عليه علامة.',
  toReview: 'بانتظار المراجعة',
  flaggedForWords: (found) => `للمراجعة بسبب ${listed(found.map((word) => `«${word}»`))}`,
  flaggedBecause: (why) => `للمراجعة: ${isolated(why)}`,
  reviewedBy: (name) => `راجع ${isolated(name)} ما وُضعت عليه علامة`,
  markReviewed: 'تمت المراجعة',
  wordLists: 'قوائم الكلمات',
  wordListsFailed: 'لم تُحمَّل قوائم الكلمات',
  wordListsHelp:
    'كلمة أو عبارة واحدة في كل سطر. يُبحث عنها كلماتٍ كاملة فيما يكتبه الزوار، دون تمييز حالة الأحرف أو التشكيل.',
  refusedWords: 'رفض',
  refusedWordsHelp: 'لا تُقبل الرسالة، ويُخبَر الزائر بذلك.',
  maskedWords: 'حجب',
  maskedWordsHelp: 'يرى الجميع نجومًا مكان الكلمة.',
  flaggedWords: 'مراجعة',
  flaggedWordsHelp: 'تنتظر الرسالة المراجعة، ولا يعلم الزائر بذلك.',
};
