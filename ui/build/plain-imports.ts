// A Vite plugin: chunks that come later are imported, and that is all. Vite would wrap each import in what first preloads
// the chunk's styles, and none of ours has any; the wrapping weighs more than some of them.

import type { Plugin } from 'vite';

/** Vite's own plugin that wraps them. */
const WRAPS = 'native:import-analysis-build';

export function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    apply: 'build',
    configResolved({ plugins }) {
      const at = plugins.findIndex(({ name }) => name === WRAPS);
      if (at < 0) throw new Error(`this Vite has no plugin ${WRAPS}`);
      (plugins as Plugin[]).splice(at, 1);
    },
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || file.isEntry || !file.isDynamicEntry) continue;
        if (file.viteMetadata?.importedCss.size) this.error(`${file.fileName} has styles, which nobody would load`);
      }
    },
  };
}
