// The pseudo-locale: every text of ours in brackets and accents. Whatever stands on the page without them was not
// taken from a message file.

const ACCENTED: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', A: 'Á', E: 'É', I: 'Í', O: 'Ó' };

function bracketed(text: string): string {
  return `[${text}]`;
}

function accented(text: string): string {
  return bracketed(text.replace(/[aeiouAEIO]/g, (letter) => ACCENTED[letter] ?? letter));
}

type Spoken = (argument: never) => string;

function disguise(value: string | Spoken): string | Spoken {
  // What a function puts in may be a name, which stays as it is.
  return typeof value === 'string' ? accented(value) : (argument: never) => bracketed(value(argument));
}

export function disguised<All extends object>(english: All): All {
  return Object.fromEntries(Object.entries(english).map(([key, value]) => [key, disguise(value)])) as All;
}
