import type { RequestsApi } from '../../ports/gateway/requests.ts';
import type { FlowParts } from '../parts.ts';
import type { Readiness } from '../readiness.ts';
import { changeRequest } from './change.ts';
import { cancelRequest } from './cancel.ts';
import type { Ended } from './ends.ts';
import { createKnownFolders } from './known-folders.ts';
import type { Queue } from './queue.ts';
import { readRequest, requireRequest } from './read.ts';
import { foreseeRequest, submitRequest } from './submit.ts';
import type { Waits } from './waits.ts';

export interface RequestsDeps {
  readonly parts: FlowParts;
  readonly readiness: Readiness;
  readonly queue: Queue;
  readonly waits: Waits;
  readonly ended: Ended;
}

export function createRequests(deps: RequestsDeps): RequestsApi {
  const { store } = deps.parts;
  const folders = createKnownFolders(deps.parts);
  return {
    submit: (submission) => submitRequest({ ...deps, folders }, submission),
    foresee: (submission) => foreseeRequest(deps, submission),
    read: (id) => readRequest(deps, id),
    async waitForEnd(id, signal) {
      const request = await deps.waits.forEnd(id, () => store.readRequest(id), signal);
      return request ?? requireRequest(store, id);
    },
    change: (id, ...given) => changeRequest(deps.parts, id, ...given),
    unendedFor: (replyTo, limit) => store.listUnendedFor(replyTo, limit),
    cancel: (id, who) => cancelRequest(deps, id, who),
    list: (filter, behind, limit) => store.listRequests(filter, behind, limit),
  };
}
