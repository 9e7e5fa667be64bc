import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface NamedQuery {
  readonly name: string;
  readonly query: string;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** What the board for Grafana asks of Prometheus, in the time that Grafana would fill in. */
export function readBoardQueries(): readonly NamedQuery[] {
  const { panels } = JSON.parse(readFileSync('docker/grafana-dashboard.json', 'utf8')) as { panels: readonly Panel[] };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ name: title, query: expr.replaceAll('$__rate_interval', '1m') })),
  );
}

/** What the alerts ask. */
export function readAlertQueries(): readonly NamedQuery[] {
  const { groups } = parse(readFileSync('docker/alerts.yml', 'utf8')) as {
    groups: readonly { rules: readonly { alert: string; expr: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ name: alert, query: expr })));
}
