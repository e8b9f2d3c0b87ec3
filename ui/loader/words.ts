// What the launcher, and the panel as the launcher frames it, say. One place, so that languages can replace it.

export const words = {
  launcher: 'Chat with us',
  panel: 'Support chat',
  close: 'Close the chat',
  silent: 'The chat does not answer.',
  again: 'Try again',
  unread: (count: number) => (count === 1 ? '1 unread message' : `${count} unread messages`),
};
