import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from '../answers/app.ts';
import { PAGE_FILES, prefersHtml, readPage } from '../pages/page-files.ts';
import { COMPONENTS } from './components.ts';
import { finish } from './finish.ts';

export const DOCS_PATH = '/api-docs';

/** Of a page that asks this gateway alone. Swagger UI draws its icons as data. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Collects the routes that are added after it into one OpenAPI 3.1 document, and shows it at `/api-docs`. */
export async function documentRoutes(app: App, version: string): Promise<void> {
  for (const schema of COMPONENTS) app.addSchema(schema);
  await app.register(swagger, {
    openapi: createHead(version),
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => readId(json) ?? `def-${i}` },
    convertConstToEnum: false,
    transformObject: (document) =>
      'openapiObject' in document ? finish(document.openapiObject) : document.swaggerObject,
  });
  await app.register(swaggerUi, {
    routePrefix: DOCS_PATH,
    staticCSP: true,
    // That of the plugin lets styles and letters of every host in, and turns plain HTTP on loopback into HTTPS.
    transformStaticCSP: () => POLICY,
    theme: await readTheme(),
    uiConfig: {
      validatorUrl: null,
      displayOperationId: true,
      layout: 'BaseLayout',
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      ...sharedKey(),
    },
    uiHooks: {
      onRequest: (request, reply, next) => {
        const path = request.url.split('?', 1)[0];
        if (path !== DOCS_PATH && path !== `${DOCS_PATH}/`) return next();
        reply.header('vary', 'accept');
        if (prefersHtml(request)) return next();
        reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger()));
        return undefined;
      },
    },
  });
}

/** The name, the icon and the colours of all pages. */
async function readTheme() {
  const files = ['gatehouse.css', 'docs.css', 'docs.js', 'gatehouse.svg'] as const;
  const [looks = '', own = '', script = '', icon = ''] = await Promise.all(files.map((file) => readPage(file)));
  return {
    title: 'Gatehouse: API',
    css: [
      { filename: 'gatehouse.css', content: looks },
      { filename: 'docs.css', content: own },
    ],
    js: [{ filename: 'docs.js', content: script }],
    favicon: [
      { filename: 'gatehouse.svg', rel: 'icon', sizes: 'any', type: PAGE_FILES['gatehouse.svg'].type, content: icon },
    ],
  };
}

/** Written into the page as they stand here: functions without names, of what `public/docs.js` has made there. */
function sharedKey() {
  return {
    plugins: [() => globalThis.gatehouse.plugin()],
    onComplete: () => globalThis.gatehouse.complete(),
  };
}

declare global {
  /** In the page alone. */
  var gatehouse: { plugin(): object; complete(): void };
}

function readId(json: Readonly<Record<string, unknown>>): string | undefined {
  return typeof json['$id'] === 'string' ? json['$id'] : undefined;
}

function createHead(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatehouse',
      version,
      description:
        'A gateway to coding agents. Work is accepted durably, runs in the session of its workspace, and is read afterwards by its id. ' +
        'Every error is an RFC 9457 problem document. This document is served at `/api-docs`, which needs no key.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This gateway.' }],
    security: [{ ApiKeyAuth: [] }, { BearerAuth: [] }],
    tags: [
      { name: 'requests', description: 'Work and what became of it.' },
      { name: 'streams', description: 'Events as they come.' },
      { name: 'sessions', description: 'The conversations of workspaces.' },
      { name: 'approvals', description: 'What agents ask, and the answers.' },
      { name: 'deliveries', description: 'What is owed to addresses, and what became of it.' },
      { name: 'webhooks', description: 'Who is told of what happens.' },
      { name: 'bot', description: 'Tasks of one workspace, over HTTP and a WebSocket.' },
      { name: 'quick', description: 'Chats with an agent in a worktree of a repository.' },
      { name: 'keys', description: 'Who may come in, and what each may do.' },
      { name: 'audit', description: 'Who did what.' },
      { name: 'usage', description: 'Tokens and money.' },
      { name: 'health', description: 'The state of the gateway.' },
    ],
    components: {
      securitySchemes: {
        ApiKeyAuth: { type: 'apiKey' as const, name: 'X-API-Key', in: 'header', description: 'The key of the caller.' },
        BearerAuth: { type: 'http' as const, scheme: 'bearer', description: 'The same key.' },
      },
    },
  };
}
