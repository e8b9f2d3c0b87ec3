class MarkdownIt {
  core = new ParserCore();
  block = new ParserBlock();
  inline = new ParserInline();
  helpers = { parseLinkLabel, parseLinkDestination, parseLinkTitle };

  constructor(options) {
    this.options = options;
  }

  parse(text, env) {
    const state = new StateCore(text, this, env);
    this.core.process(state);
    return state.tokens;
  }
}
