import { defineConfig } from 'eslint/config'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import exportsHaveJsdoc from './scripts/eslint/exports-have-jsdoc.js'
import noDrawers from './scripts/eslint/no-drawers.js'

const holdfast = { rules: { 'exports-have-jsdoc': exportsHaveJsdoc, 'no-drawers': noDrawers } }

/** Names that only src/core/clock.ts may use, and by what the rest asks instead. */
const TIME_AND_CHANCE = [
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...['requestAnimationFrame', 'cancelAnimationFrame', 'requestIdleCallback', 'queueMicrotask'],
  ...['Date', 'performance', 'crypto'],
].map((name) => ({ name, message: 'Time and chance come from connection.clock and connection.random.' }))

/** What `core` does not know of, so that it runs anywhere. */
const OUTSIDE_WORLD = [
  ...['window', 'document', 'navigator', 'location', 'history', 'self', 'globalThis', 'process'],
  ...['addEventListener', 'removeEventListener', 'dispatchEvent', 'matchMedia'],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'console'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker'],
].map((name) => ({ name, message: 'core has no DOM and no globals: take it through a port.' }))

const restrictedGlobals = (globals) => ['error', { globals, checkGlobalObject: true }]

/** A test that does not run is no test. */
const NOT_RUN = ['it', 'test', 'describe'].flatMap((object) =>
  ['only', 'skip', 'todo', 'fails'].map((property) => ({
    object,
    property,
    message: 'Every test runs, and every test must pass.',
  })),
)

export default defineConfig(
  { ignores: ['dist', 'storybook-static', 'public', '.cache', 'docs'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.recommended,
  vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // How it is laid out is the formatter's business.
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/max-attributes-per-line': 'off',
      // Optional props without a default are undefined, and typed so.
      'vue/require-default-prop': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
    },
  },
  {
    plugins: { holdfast },
    rules: {
      'holdfast/no-drawers': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-properties': ['error', ...NOT_RUN],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**', 'mocks/**', 'server/**'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 150, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['src/**', 'mocks/**'],
    rules: { 'holdfast/exports-have-jsdoc': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/core/clock.ts'],
    rules: {
      'no-restricted-globals': restrictedGlobals(TIME_AND_CHANCE),
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Chance comes from connection.random.' },
        { object: 'AbortSignal', property: 'timeout', message: 'Deadlines come from connection.clock.' },
      ],
    },
  },
  {
    files: ['src/core/**'],
    ignores: ['src/core/clock.ts'],
    rules: { 'no-restricted-globals': restrictedGlobals([...TIME_AND_CHANCE, ...OUTSIDE_WORLD]) },
  },
  {
    // The same scenario, seed and clock give the same log, byte for byte. Only the clock itself may look
    // at the real time, to know for how long to wait for what hops for real.
    files: ['mocks/**'],
    ignores: ['mocks/manual-clock.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Chance comes from seededRandom.' },
        { object: 'Date', property: 'now', message: 'The time comes from the clock.' },
        { object: 'performance', property: 'now', message: 'The time comes from the clock.' },
      ],
    },
  },
)
