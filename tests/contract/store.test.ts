import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { describeStore } from './store.contract.ts';

describeStore('the SQLite store', openSqliteStore);
