import { Alert, Stack, Text } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { text } from "~/text/en";
import { isOpen } from "./caseRules";
import { Part } from "./Part";
import type { Case } from "./useCase";

const { page } = text.cases;

/** What it means and what to do next; then what whoever raised it wrote. */
export function CaseAdvice({ of }: { of: Case }) {
  const { advice } = of;
  return (
    <>
      {advice && isOpen(of.status) && (
        <Alert
          role="note"
          color="orange"
          icon={<IconBulb aria-hidden />}
          title={`${page.whatNow} (${page.audiences[advice.audience]})`}
          styles={{ title: { color: "var(--mantine-color-text)" } }}
        >
          <Stack gap={4}>
            <Text size="sm">{advice.next_step}</Text>
            <Text size="sm">{advice.meaning}</Text>
          </Stack>
        </Alert>
      )}
      {!(advice && of.origin === "automatic") && (
        <Part title={page.description}>
          <Text size="sm" className="as-typed" dir="auto">
            {of.description}
          </Text>
        </Part>
      )}
    </>
  );
}
