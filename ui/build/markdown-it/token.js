class Token {
  attrs = null;
  map = null;
  level = 0;
  children = null;
  content = '';
  markup = '';
  info = '';
  meta = null;
  block = false;
  hidden = false;

  constructor(type, tag, nesting) {
    Object.assign(this, { type, tag, nesting });
  }

  attrGet(name) {
    return this.attrs?.find(([other]) => other === name)?.[1] ?? null;
  }
}
