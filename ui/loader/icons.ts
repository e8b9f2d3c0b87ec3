// The launcher's icons, in Lucide's shapes (ISC licence), drawn node by node: strings never become markup.

const SHAPES: Record<string, string> = {
  chat: 'M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2zM8 10.5q4 3.6 8 0',
  question: 'M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0ZM9.1 9a3 3 0 0 1 5.8 1c0 2-2.9 3-2.9 3M12 17h.01',
  mail: 'M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2ZM22 7l-10 6L2 7',
  less: 'm6 9 6 6 6-6',
};

const SVG = 'http://www.w3.org/2000/svg';

/** One of ours by its name, or the image at an address. */
export function icon(name: string): Element {
  const shape = SHAPES[name];
  if (!shape) {
    const image = document.createElement('img');
    image.src = name;
    image.alt = '';
    return image;
  }
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', name);
  path.setAttribute('d', shape);
  svg.append(path);
  return svg;
}
