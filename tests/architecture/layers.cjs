// The house of four floors: imports point down, siblings are strangers, each vendor package lives in one room.
const halls = require('./rooms.cjs');

const adapters = '^src/(agents|store|http|worktrees|workspaces|transports|inbox|hooks|metrics|tracing)/';
const room = (name, path, packages) => ({
  name: `one-room-${name}`,
  severity: 'error',
  from: { path: '^src', pathNot: path },
  to: { path: packages },
});

const toPattern = (name) => (name.startsWith('./') ? name.slice(2).replaceAll('.', '\\.') : `${name}/`);

const isOfResources = (hall, floor) => hall === 'http' && (floor.includes('requests') || floor.includes('docs'));

/** One rule for each room: it imports from itself and from lower floors. Schemas and documents of a resource may be
 *  part of another's. */
const stairs = (hall) =>
  halls[hall].flatMap((floor, at) =>
    floor.map((room) => ({
      name: `rooms-of-${hall.replaceAll('/', '-')}`,
      severity: 'error',
      from: { path: `^src/${hall}/${toPattern(room)}` },
      to: {
        path: `^src/${hall}/`,
        pathNot: [
          ...[room, ...halls[hall].slice(at + 1).flat()].map((name) => `^src/${hall}/${toPattern(name)}`),
          ...(isOfResources(hall, floor) ? ['^src/http/[a-z]+/[a-z-]+-(schemas|documents)\\.ts$'] : []),
        ],
      },
    })),
  );

module.exports = {
  forbidden: [
    ...Object.keys(halls).flatMap(stairs),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'core-is-pure', severity: 'error', from: { path: '^src/core/' }, to: { pathNot: '^src/core/' } },
    {
      name: 'model-imports-only-model',
      severity: 'error',
      from: { path: '^src/core/model/' },
      to: { pathNot: '^src/core/model/' },
    },
    {
      name: 'ports-import-only-model',
      severity: 'error',
      from: { path: '^src/core/ports/' },
      to: { pathNot: '^src/core/(model|ports)/' },
    },
    {
      name: 'adapters-are-strangers',
      severity: 'error',
      from: { path: '^src/(agents|store|http|worktrees|workspaces|transports|inbox|hooks|metrics|tracing)/' },
      to: { path: adapters, pathNot: '^src/$1/' },
    },
    {
      name: 'adapters-do-not-climb',
      severity: 'error',
      from: { path: adapters },
      to: { path: '^src/(main|compose|own-side|steward|log|cli)' },
    },
    {
      name: 'adapters-see-no-flows',
      severity: 'error',
      from: { path: adapters },
      to: { path: '^src/core/flows/' },
    },
    {
      name: 'lib-and-config-stand-alone',
      severity: 'error',
      from: { path: '^src/(lib|config)/' },
      to: { path: '^src/', pathNot: '^src/(lib|config|core/model)/' },
    },
    {
      name: 'only-compose-joins',
      severity: 'error',
      from: { path: '^src/(main|cli)' },
      to: { path: adapters },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/', pathNot: '^src/client/' },
    },
    room('openapi-fetch', '^src/client/', 'node_modules/openapi-fetch/'),
    room('commander', '^src/cli/', 'node_modules/commander/'),
    room('fastify', '^src/http/', 'node_modules/(fastify|@fastify)/'),
    room('kysely', '^src/store/', 'node_modules/kysely/'),
    room('sqlite', '^src/store/sqlite/', '^(node:)?sqlite$'),
    room('postgres', '^src/store/postgres/', 'node_modules/(pg|@types/pg)/'),
    room('node-pty', '^src/agents/terminal/', 'node_modules/(node-pty|@lydell)/'),
    room('telegraf', '^src/transports/telegram/', 'node_modules/telegraf/'),
    room('discord', '^src/transports/discord/', 'node_modules/(discord.js|@discordjs)/'),
    room('markdown', '^src/transports/markdown/', 'node_modules/(mdast-util|micromark)'),
    room('prom-client', '^src/metrics/', 'node_modules/prom-client/'),
    room('opentelemetry', '^src/tracing/', 'node_modules/@opentelemetry/'),
    room('pino', '^src/log\\.ts$', 'node_modules/pino(-pretty)?/'),
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src', pathNot: '^src/(main|steward|agents/claude/hooks/report-start)\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
