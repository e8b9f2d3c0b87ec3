// What both pages say of the AI, in Japanese.

import { isolated } from '../forms.ts';
import type { AiWords } from './en.ts';

export const ai: AiWords = {
  talkToPerson: '担当者と話す',
  askingPerson: '担当者を呼んでいます…',
  personLater: 'メッセージを入力してください。担当者が回答します。',
  stopAnswer: '停止',
  aiFirst: '最初にAIが回答します。いつでも担当者を呼べます。',
  didNotWork: 'うまくいきませんでした。',
  wasItHelpful: '役に立ちましたか？',
  helpful: '役に立った',
  notHelpful: '役に立たなかった',
  sources: '出典',
  youAskedForPerson: '担当者をお呼びしました。ここで担当者が回答します。',
  aiPassedOn: 'AIが引き継ぎました。ここで担当者が回答します。',
  agentAnswers: (name) => `ここからは${isolated(name)}さんが回答します。`,
  anAgentAnswers: 'ここからは担当者が回答します。',
  aiAnswersAgain: '再びAIが回答します。',
  youStopped: '回答を停止しました。',
  answerStopped: '回答が停止されました。',
  foundHelpful: '役に立ったとの評価',
  foundNotHelpful: '役に立たなかったとの評価',
};
