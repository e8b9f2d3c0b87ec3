// What markdown-it asks of uc.micro, in the words of the language itself.

export const P = /\p{P}/u;
export const S = /\p{S}/u;
export const Z = /\p{Z}/u;
export const Cc = /\p{Cc}/u;
export const Any = /[\s\S]/;
