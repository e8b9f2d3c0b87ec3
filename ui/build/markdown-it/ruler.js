class Ruler {
  rules = [];
  chains = new Map();

  push(name, fn, { alt = [] } = {}) {
    this.rules.push({ name, fn, alt });
  }

  before(other, name, fn) {
    const at = this.rules.findIndex((rule) => rule.name === other);
    this.rules.splice(at, 0, { name, fn, alt: [] });
    this.chains.clear();
  }

  getRules(chain) {
    let found = this.chains.get(chain);
    if (!found) {
      found = this.rules.filter(({ alt }) => chain === '' || alt.includes(chain)).map(({ fn }) => fn);
      this.chains.set(chain, found);
    }
    return found;
  }
}
