// What the widget does to the page around it, each with its way back: the count in the title, and the lock behind a panel
// that is the whole screen.

import { lockStyles } from './styles.ts';

/** Keeps a count before the page's title, also when the page changes it. */
export function titleCount(): (count: string) => void {
  let prefix = '';
  const write = () => {
    if (!document.title.startsWith(prefix)) document.title = prefix + document.title;
  };
  const observer = new MutationObserver(write);
  return (count) => {
    observer.disconnect();
    if (prefix && document.title.startsWith(prefix)) document.title = document.title.slice(prefix.length);
    prefix = count ? `(${count}) ` : '';
    write();
    if (count) observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  };
}

/** Keeps the page from scrolling and from being reached by keys. Gives the way back. */
export function lockPage(): () => void {
  const { body } = document;
  const { inert } = body;
  const { scrollX: left, scrollY: top } = window;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(lockStyles(top));
  document.adoptedStyleSheets.push(sheet);
  body.inert = true;
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    body.inert = inert;
    scrollTo({ left, top, behavior: 'instant' });
  };
}
