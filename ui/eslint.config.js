import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const tauri = { regex: '^@tauri-apps/', message: 'Only src/ipc talks to Tauri.' };

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/ipc/bindings.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-empty-function': 'off',
      'no-console': 'error',
      'svelte/no-at-html-tags': 'error',
      // The window's content policy drops style attributes; `style:` directives go through the CSSOM and work.
      'no-restricted-syntax': ['error', { selector: 'SvelteAttribute[key.name="style"]', message: 'Use a style: directive.' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  { files: ['public/**', '*.config.*'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    files: ['src/**'],
    ignores: ['src/ipc/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [tauri] }] },
  },
  {
    files: ['src/components/**', 'src/lib/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [tauri, { regex: '/(features|ipc|messages)(/|$)', message: 'Words and data come in as props.' }] },
      ],
    },
  },
  {
    files: ['src/features/*/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [tauri, { regex: '^\\.\\./[^.]', message: 'Features never import features.' }] },
      ],
    },
  },
);
