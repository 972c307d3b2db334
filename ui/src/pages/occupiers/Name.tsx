import { Text } from "@mantine/core";

/** A name that somebody gave, in its own direction and however long, and what belongs under it. */
export function Name({ name, more }: { name: string; more?: string | null }) {
  return (
    <>
      <bdi className="given-name">{name}</bdi>
      {more && (
        <Text size="xs" component="div">
          <bdi className="given-name">{more}</bdi>
        </Text>
      )}
    </>
  );
}
