import { actors } from "./en/actors";
import { audit } from "./en/audit";
import { cases } from "./en/cases";
import { changes } from "./en/changes";
import { closure } from "./en/closure";
import { columns } from "./en/columns";
import { decisions } from "./en/decisions";
import { decommission } from "./en/decommission";
import { empty } from "./en/empty";
import { filters } from "./en/filters";
import { navigation } from "./en/navigation";
import { occupiers } from "./en/occupiers";
import { pages } from "./en/pages";
import { progress } from "./en/progress";
import { schedule } from "./en/schedule";
import { session } from "./en/session";
import { state } from "./en/state";
import { systems } from "./en/systems";
import { task } from "./en/task";
import { tasks } from "./en/tasks";
import { feed, timeline } from "./en/timeline";
import { words } from "./en/words";

/** Every text of the console; a translation is another such object. */
export const text = {
  product: "Occupiers",
  skip: "Skip to the content",
  actors,
  audit,
  cases,
  changes,
  closure,
  columns,
  decisions,
  decommission,
  empty,
  feed,
  filters,
  navigation,
  occupiers,
  pages,
  progress,
  schedule,
  session,
  state,
  systems,
  task,
  tasks,
  timeline,
  words,
} as const;
