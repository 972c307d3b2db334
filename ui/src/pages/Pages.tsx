import { Navigate, Route, Routes } from "react-router-dom";
import { Empty } from "~/parts/Trouble";
import { SignedIn } from "~/shell/SignedIn";
import { text } from "~/text/en";
import { OccupiersPage } from "./occupiers/OccupiersPage";

/** Every address of the console; `api/console.py` serves the same first parts. */
export function Pages() {
  return (
    <Routes>
      <Route element={<SignedIn />}>
        <Route index element={<Navigate to="/occupiers" replace />} />
        <Route path="occupiers" element={<OccupiersPage />} />
        <Route path="occupiers/:occupierId/:tab?" element={<OccupiersPage />} />
        <Route
          path="*"
          element={<Empty title={text.state.notFound} hint={text.state.notFoundHint} />}
        />
      </Route>
    </Routes>
  );
}
