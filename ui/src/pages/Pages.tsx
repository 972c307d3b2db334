import { lazy, Suspense, type ComponentType } from "react";
import { Navigate, Route, Routes } from "react-router-dom";
import { Empty, Loading } from "~/parts/Trouble";
import { PageNotFetched } from "~/shell/pageNotFetched";
import { SignedIn } from "~/shell/SignedIn";
import { text } from "~/text/en";
import { OccupiersPage } from "./occupiers/OccupiersPage";

/** A page that is fetched when somebody first goes there. */
function later(load: () => Promise<ComponentType>) {
  const fetched = () =>
    load().catch((cause: unknown) => {
      throw new PageNotFetched(cause);
    });
  const Page = lazy(async () => ({ default: await fetched() }));
  return (
    <Suspense fallback={<Loading />}>
      <Page />
    </Suspense>
  );
}

const PAGES = [
  {
    path: "decommissions",
    page: later(async () => (await import("./decommissions/DecommissionsPage")).DecommissionsPage),
  },
  {
    path: "decommissions/:decommissionId",
    page: later(async () => (await import("./decommissions/DecommissionPage")).DecommissionPage),
  },
  {
    path: "tasks/:taskId?",
    page: later(async () => (await import("./tasks/TasksPage")).TasksPage),
  },
  {
    path: "cases",
    page: later(async () => (await import("./cases/CasesPage")).CasesPage),
  },
  {
    path: "cases/:caseId",
    page: later(async () => (await import("./cases/CasePage")).CasePage),
  },
  {
    path: "systems",
    page: later(async () => (await import("./systems/SystemsPage")).SystemsPage),
  },
  {
    path: "schedules",
    page: later(async () => (await import("./schedules/SchedulesPage")).SchedulesPage),
  },
  {
    path: "sites/:siteId/closure",
    page: later(async () => (await import("./schedules/CloseSitePage")).CloseSitePage),
  },
  {
    path: "audit",
    page: later(async () => (await import("./audit/AuditPage")).AuditPage),
  },
];

/** Every address of the console; `api/console.py` serves the same first parts. */
export function Pages() {
  return (
    <Routes>
      <Route element={<SignedIn />}>
        <Route index element={<Navigate to="/occupiers" replace />} />
        <Route path="occupiers/:occupierId?/:tab?" element={<OccupiersPage />} />
        {PAGES.map(({ path, page }) => (
          <Route key={path} path={path} element={page} />
        ))}
        <Route
          path="*"
          element={<Empty title={text.state.notFound} hint={text.state.notFoundHint} />}
        />
      </Route>
    </Routes>
  );
}
