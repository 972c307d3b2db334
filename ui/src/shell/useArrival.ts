import { useEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router-dom";
import { pageOf, titleOf } from "./pageName";

/** Names the page in the browser's title and, after a link led to it, takes readers to its content. */
export function useArrival() {
  const content = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const how = useNavigationType();
  const page = pageOf(pathname);
  const left = useRef(page);

  useEffect(() => {
    document.title = titleOf(pathname);
  }, [pathname]);

  useEffect(() => {
    if (left.current === page) return;
    left.current = page;
    if (how !== "POP") window.scrollTo(0, 0); // back and forth: the browser knows where one was
    const isPageFocused = content.current?.contains(document.activeElement);
    if (!isPageFocused) content.current?.focus({ preventScroll: true });
  }, [page, how]);
  return content;
}
