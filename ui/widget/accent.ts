// What follows from the host's accent: the colour of text on it.

/** Relative luminance as WCAG 2 defines it, without its straight piece next to black: a difference below 0.001. */
function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/[\da-f]/gi, '$&$&') : colour;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number(`0x${digits.slice(at, at + 2)}`) / 255;
    return ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The colour of text on this one: white where it reaches a contrast of 4.5, black otherwise, which then always does. */
export function onAccent(accent: string | undefined): string {
  // Our own takes white.
  return !accent || 1.05 / (luminance(accent) + 0.05) >= 4.5 ? '#fff' : '#000';
}
