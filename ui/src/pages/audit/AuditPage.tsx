import { Title } from "@mantine/core";
import { text } from "~/text/en";

export function AuditPage() {
  return (
    <Title order={1} size="h3">
      {text.audit.title}
    </Title>
  );
}
