// The tab's icon with a mark while something is unread, drawn as an address of its own: no file, no request.

const MARK =
  '<rect width="32" height="32" rx="9" fill="#4355e8"/>' +
  '<path d="M10 9h12a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-7l-5 4v-4a3 3 0 0 1-3-3v-7a3 3 0 0 1 3-3z" fill="#fff"/>';
const DOT = '<circle cx="24" cy="8" r="7" fill="#e03131" stroke="#fff" stroke-width="2"/>';

export function markFavicon(unread: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${MARK}${unread > 0 ? DOT : ''}</svg>`;
  link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
