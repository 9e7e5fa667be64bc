import type { KeptKeysApi } from '../../ports/gateway/requests.ts';
import type { Store } from '../../ports/store.ts';

export function createKeptKeys(store: Pick<Store, 'listKeptKeys' | 'releaseKey'>): KeptKeysApi {
  return {
    list: (owner) => store.listKeptKeys(owner),
    release: (owner, key) => store.releaseKey(owner, key),
  };
}
