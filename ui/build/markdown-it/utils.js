const ESCAPED_PUNCTUATION = /\\([!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~])/g;
const unescapeAll = (text) => text.replace(ESCAPED_PUNCTUATION, '$1');
const isSpace = (code) => code === 0x20 || code === 0x09;
const isWhiteSpace = (code) => /[\t-\r\p{Zs}]/u.test(String.fromCharCode(code));
const isPunctCharCode = (code) => /[\p{P}\p{S}]/u.test(String.fromCodePoint(code));
const isMdAsciiPunct = (code) => /[!-/:-@[-`{-~]/.test(String.fromCharCode(code));
const normalizeReference = (text) => text.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase();
const isBlank = (letter) => ' \t\r\n'.includes(letter);
const asciiTrim = (text) => {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (start < end && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
};
