import { diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import type { RequestRecord } from '../core/model/request.ts';
import { parseTraceparent } from '../core/model/trace/trace.ts';
import type { Log } from '../core/ports/log.ts';
import type { ToldSpan } from './spans.ts';

/** Sends spans to a collector, in batches. */
export interface Exporter {
  tell(request: RequestRecord, phases: readonly ToldSpan[]): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

export interface ExporterOptions {
  /** Of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  readonly version: string;
  readonly log: Log;
}

const TIMEOUT_MS = 5_000;

export function createExporter({ endpoint, version, log }: ExporterOptions): Exporter {
  tellTroubles(log);
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: TIMEOUT_MS });
  const ids = createIds();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'gatehouse', 'service.version': version }).merge(
      defaultResource(),
    ),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: TIMEOUT_MS })],
  });
  const tracer = provider.getTracer('gatehouse', version);
  return {
    tell(request, phases) {
      const own = request.trace === null ? null : parseTraceparent(request.trace.traceparent);
      if (own === null || !own.isSampled) return;
      const { callerSpan } = request.trace ?? {};
      const caller =
        callerSpan === null || callerSpan === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              ...own,
              spanId: callerSpan,
              traceFlags: TraceFlags.SAMPLED,
              isRemote: true,
            });
      ids.next(own);
      const span = tracer.startSpan(
        'request',
        { kind: SpanKind.SERVER, startTime: request.createdAt, attributes: toAttributes(request) },
        caller,
      );
      const within = trace.setSpan(ROOT_CONTEXT, span);
      for (const { name, from, to } of phases) tracer.startSpan(name, { startTime: from }, within).end(to);
      if (request.state !== 'completed')
        span.setStatus({ code: SpanStatusCode.ERROR, message: request.reason ?? request.state });
      span.end(request.completedAt ?? request.createdAt);
    },
    close: () => provider.shutdown(),
  };
}

/** Ids to join by; never a prompt or an answer. */
function toAttributes({ id, workspace, agent, source, priority, state, reason, retries, usage }: RequestRecord) {
  return {
    'gatehouse.request_id': id,
    'gatehouse.workspace': workspace,
    'gatehouse.agent': agent,
    'gatehouse.source': source,
    'gatehouse.priority': priority,
    'gatehouse.state': state,
    'gatehouse.retries': retries,
    ...(reason !== null && { 'gatehouse.reason': reason }),
    ...(usage !== null && {
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
    }),
  };
}

/** The span of a request has the ids that were handed on long before it is told; its phases get new ones. */
function createIds() {
  const random = new RandomIdGenerator();
  let own: { readonly traceId: string; readonly spanId: string } | null = null;
  return {
    next(ids: { readonly traceId: string; readonly spanId: string }): void {
      own = ids;
    },
    generateTraceId: (): string => own?.traceId ?? random.generateTraceId(),
    generateSpanId(): string {
      const spanId = own?.spanId ?? random.generateSpanId();
      own = null;
      return spanId;
    },
  };
}

/** A collector that is away loses spans, and nothing else. */
function tellTroubles(log: Log): void {
  const tell = (message: string): void => log.warn({ error: message.slice(0, 500) }, 'tracing.not_exported');
  const quiet = (): void => {};
  diag.setLogger(
    { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
