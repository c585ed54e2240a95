/**
 * The import table of docs/spec/architecture.md ("Import directions"): strictly downward, no cycles.
 * Each folder lists what it may import when it runs, and what it may name in types besides.
 */

const FOLDERS = {
  'src/core': {},
  'src/signals': { run: ['src/core'] },
  'src/status': { run: ['src/core'] },
  'src/tabs': { run: ['src/core'] },
  'src/http': { run: ['src/core', 'npm:axios'] },
  'src/live': { run: ['src/core'] },
  'src/queue': { run: ['src/core'] },
  'src/guard': { run: ['src/core'] },
  'src/recorder': { run: ['src/core'], types: ['src/http'] },
  'src/vue': {
    run: ['src/core', 'src/status', 'npm:vue'],
    types: ['src/signals', 'src/http', 'src/queue', 'src/tabs'],
  },
  'src/components': { run: ['src/vue', 'npm:vue'], types: ['src/core', 'src/status'] },
}

/** Single files that may do more than the rest of their folder. */
const FILES = {
  'src/live/event-stream.ts': ['npm:eventsource-parser'],
  // A socket that was given no connection makes its own, and nobody hands it what the browser says.
  'src/live/reconnecting-engine.ts': ['src/signals'],
  // What tabs share, and by what, unless a port was handed in: so that `sharedTabs({ scope })` is enough.
  'src/live/shared-tabs.ts': ['src/tabs'],
  'src/queue/idb-open.ts': ['npm:idb'],
  'src/queue/idb-row.ts': ['npm:idb'],
  'src/queue/idb-schema.ts': ['npm:idb'],
  'src/vue/guard.ts': ['src/guard'],
  'src/vue/live-channel.ts': ['src/live'],
  'src/vue/live-socket.ts': ['src/live'],
}

const MOCKS = {
  run: ['mocks', 'src/core', 'npm:msw', 'npm:@mswjs/interceptors', 'npm:eventsource-parser'],
  storybook: ['npm:storybook', 'npm:@storybook/[^/]+', 'npm:react'],
}

/** How dependency-cruiser writes where a thing is: our folders, or a package below node_modules. */
const where = (name) =>
  name.startsWith('npm:') ? `^node_modules/${name.slice(4)}/|^${name.slice(4)}(/|$)` : `^${name}/`

const anyOf = (names) => names.map(where).join('|')

/** `import type` and `import('./x.js').X` leave nothing behind when they are compiled. */
const TYPES_ONLY = ['type-only', 'type-import']
const runTime = { dependencyTypesNot: TYPES_ONLY }

function onlyBelow(folder, { run = [], types = [] }) {
  const special = Object.keys(FILES).filter((file) => file.startsWith(`${folder}/`))
  const own = [folder, ...run]
  const specialPath = special.length ? { pathNot: special.map((file) => `^${file}$`).join('|') } : {}
  return [
    {
      name: `${folder} imports only ${run.join(', ') || 'itself'}`,
      severity: 'error',
      from: { path: where(folder), ...specialPath },
      to: { pathNot: anyOf(own), ...runTime },
    },
    {
      name: `${folder} names only its own types${types.length ? ` and those of ${types.join(', ')}` : ''}`,
      severity: 'error',
      from: { path: where(folder), ...specialPath },
      to: { pathNot: anyOf([...own, ...types]), dependencyTypes: TYPES_ONLY },
    },
    ...special.map((file) => ({
      name: `${file} imports only what its folder may, and ${FILES[file].join(', ')}`,
      severity: 'error',
      from: { path: `^${file}$` },
      to: { pathNot: anyOf([...own, ...types, ...FILES[file]]), ...runTime },
    })),
  ]
}

export default {
  forbidden: [
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: TYPES_ONLY } },
    },
    {
      name: 'every import leads somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|node:)' },
    },
    ...Object.entries(FOLDERS).flatMap(([folder, may]) => onlyBelow(folder, may)),
    {
      name: 'src/index.ts imports core, signals, status and tabs',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { pathNot: anyOf(['src/core', 'src/signals', 'src/status', 'src/tabs']) },
    },
    {
      name: 'src/presets.ts imports core',
      severity: 'error',
      from: { path: '^src/presets\\.ts$' },
      to: { pathNot: anyOf(['src/core']) },
    },
    {
      name: 'attachFetch works where axios is not installed',
      severity: 'error',
      from: { path: '^src/http/(attach-)?fetch\\.ts$' },
      to: { path: '^node_modules/axios/', reachable: true },
    },
    {
      name: 'the kit never imports the simulator, the server, stories or tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(mocks|server|stories|tests|bench|scripts)/' },
    },
    {
      name: 'the kit needs no Node',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the simulator imports the core, msw and interceptors',
      severity: 'error',
      from: { path: '^mocks/', pathNot: '^mocks/(storybook/|node\\.ts$|playwright\\.ts$)' },
      to: { pathNot: anyOf(MOCKS.run), ...runTime },
    },
    {
      name: 'the simulator in Storybook imports storybook besides',
      severity: 'error',
      from: { path: '^mocks/storybook/' },
      to: { pathNot: anyOf([...MOCKS.run, ...MOCKS.storybook]), ...runTime },
    },
    {
      name: 'the simulator in Node imports Node besides',
      severity: 'error',
      from: { path: '^mocks/node\\.ts$' },
      to: { pathNot: anyOf(MOCKS.run), dependencyTypesNot: [...TYPES_ONLY, 'core'] },
    },
    {
      name: 'the server imports its own packages and nothing of ours',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(src|mocks|stories|tests|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default', 'node'],
      extensions: ['.ts', '.js', '.vue', '.mjs', '.json', '.css'],
    },
  },
}
