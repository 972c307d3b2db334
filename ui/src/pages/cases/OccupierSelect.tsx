import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useMe } from "~/api/me";
import { useNamedOccupiers } from "~/parts/occupiers/useNamedOccupiers";
import { text } from "~/text/en";

const { raise } = text.cases;
const MOST = 30;
const MOST_FOR_STAFF = 200; // they see no names to search by, and few occupiers

/** One occupier, found by its name; staff choose from those that they see. */
export function OccupierSelect({
  value,
  error,
  onChange,
}: {
  value: string | null;
  error: string | undefined;
  onChange: (value: string | null) => void;
}) {
  const me = useMe();
  const seesNames = me.data?.sees_names ?? false;
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<{ value: string; label: string }>();
  const [settled] = useDebouncedValue(typed.trim(), 200);
  const search = seesNames && settled !== chosen?.label ? settled || undefined : undefined;
  const found = useNamedOccupiers({
    search,
    limit: seesNames ? MOST : MOST_FOR_STAFF,
    isEnabled: me.isSuccess,
  });
  const offered = found.map((one) => ({ value: one.id, label: one.name }));
  const isMissing = chosen && !offered.some((one) => one.value === chosen.value);
  return (
    <Select
      label={raise.occupier}
      placeholder={raise.noOccupier}
      clearable
      clearButtonProps={{ "aria-label": raise.noOccupier }}
      searchable
      data={isMissing ? [chosen, ...offered] : offered}
      filter={seesNames ? ({ options }) => options : undefined}
      limit={MOST}
      value={value}
      error={error}
      onChange={(id, option) => {
        setChosen(option ?? undefined);
        onChange(id);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={raise.findOccupier}
    />
  );
}
