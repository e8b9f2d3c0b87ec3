// A Vite plugin: chunks that come later are imported, and that is all. Vite's own helper would first preload their styles,
// and none of them has any; it weighs more than some of them.

import type { Plugin } from 'vite';

const HELPER = '\0vite/preload-helper.js';

export function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      return id === HELPER ? 'export const __vitePreload = (load) => load();' : null;
    },
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || file.isEntry || !file.isDynamicEntry) continue;
        if (file.viteMetadata?.importedCss.size) this.error(`${file.fileName} has styles, which nobody would load`);
      }
    },
  };
}
