// What the launcher says on other people's pages. English is in the loader; the build writes a small file for each of the
// others, which the loader asks the server for.

export interface LauncherWords {
  launcher: string;
  panel: string;
  close: string;
  silent: string;
  again: string;
}

export const en: LauncherWords = {
  launcher: 'Chat with us',
  panel: 'Support chat',
  close: 'Close the chat',
  silent: 'The chat does not answer.',
  again: 'Try again',
};

export const ar: LauncherWords = {
  launcher: 'تحدّث معنا',
  panel: 'محادثة الدعم',
  close: 'إغلاق المحادثة',
  silent: 'المحادثة لا تستجيب.',
  again: 'إعادة المحاولة',
};

export const de: LauncherWords = {
  launcher: 'Schreiben Sie uns',
  panel: 'Support-Chat',
  close: 'Chat schließen',
  silent: 'Der Chat antwortet nicht.',
  again: 'Noch einmal versuchen',
};

export const es: LauncherWords = {
  launcher: 'Escríbanos',
  panel: 'Chat de soporte',
  close: 'Cerrar el chat',
  silent: 'El chat no responde.',
  again: 'Intentar de nuevo',
};

export const fr: LauncherWords = {
  launcher: 'Écrivez-nous',
  panel: 'Discussion avec l’assistance',
  close: 'Fermer la discussion',
  silent: 'L’assistance ne répond pas.',
  again: 'Réessayer',
};

export const ja: LauncherWords = {
  launcher: 'チャットで質問する',
  panel: 'サポートチャット',
  close: 'チャットを閉じる',
  silent: 'チャットが応答しません。',
  again: '再試行',
};

export const pt: LauncherWords = {
  launcher: 'Fale connosco',
  panel: 'Chat de suporte',
  close: 'Fechar o chat',
  silent: 'O chat não responde.',
  again: 'Tentar novamente',
};
