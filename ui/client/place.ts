// One origin may have several chats, below different paths: how what a page keeps in the browser, or says there, begins.

export function placeOf(page: string): string {
  // A path has no space, so no place is how another begins.
  return `minicom ${new URL('.', page).pathname} `;
}

export const PLACE = placeOf(document.baseURI);
