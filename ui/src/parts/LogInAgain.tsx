import { Button, Text } from "@mantine/core";
import { signIn } from "~/api/session";
import { text } from "~/text/en";

/** For what the server does only soon after a login, and what then becomes of what was typed. */
export function LogInAgain({
  hint = text.session.againHint,
  onLeave,
}: {
  hint?: string;
  /** Called before the page is left. */
  onLeave?: () => void;
}) {
  return (
    <>
      <Text size="sm">{hint}</Text>
      <Button
        size="xs"
        onClick={() => {
          onLeave?.();
          signIn({ isFresh: true });
        }}
      >
        {text.session.again}
      </Button>
    </>
  );
}
