//! `index.html`: what it links, in the words of trunk, and how it looks in the site.

use std::path::Path;

use crate::program::Names;
use crate::site::read;

/// The page as it is written by hand.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    links: Vec<Link>,
}

/// One `<link data-trunk rel=...>`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The program.
    Rust,
    /// A style sheet that becomes part of the page: one journey less before there is something to see.
    Style(String),
    /// A file that keeps its name.
    CopyFile { from: String, to: String },
    /// A folder whose files keep their names.
    CopyDir { from: String, to: String },
}

const LINK: &str = "<link data-trunk";
/// Means the path that trunk serves under; the site is written for any, so it needs none.
const BASE: &str = "<base data-trunk-public-url>";

impl Page {
    pub(crate) fn read(path: &Path) -> Result<Page, String> {
        let text = String::from_utf8(read(path)?)
            .map_err(|_| format!("{} is not UTF-8", path.display()))?;
        Page::parse(text).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn parse(text: String) -> Result<Page, String> {
        let mut links = Vec::new();
        for (start, _) in text.match_indices(LINK) {
            let rest = &text[start..];
            let end = rest.find('>').ok_or("a link that has no end")?;
            links.push(link(&rest[..=end])?);
        }
        let programs_count = links.iter().filter(|link| **link == Link::Rust).count();
        match programs_count {
            1 => Ok(Page { text, links }),
            count => Err(format!(
                "one link rel=\"rust\" is needed, there are {count}"
            )),
        }
    }

    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The page with what browsers understand in place of the links; the styles are all in `style`, in their order.
    pub(crate) fn render(&self, style: &str, names: &Names) -> String {
        let mut page = String::new();
        let mut rest = self.text.as_str();
        let mut links = self.links.iter();
        let mut style = Some(style);
        while let Some(start) = rest.find(LINK) {
            page.push_str(&rest[..start]);
            let end = rest[start..]
                .find('>')
                .map_or(rest.len(), |end| start + end + 1);
            rest = &rest[end..];
            match links.next() {
                Some(Link::Rust) => page.push_str(&start_of(names)),
                Some(Link::Style(_)) => {
                    if let Some(style) = style.take() {
                        page.push_str(&format!("<style>{}</style>", style.trim_end()));
                    }
                }
                _ => {}
            }
        }
        page.push_str(rest);
        let page = page.replace(BASE, "");
        let lines = page.lines().filter(|line| !line.trim().is_empty());
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

/// Loads what the first view needs at once, starts the program, and keeps the whole site for times without a network.
fn start_of(names: &Names) -> String {
    let Names { wasm, rest, js } = names;
    let start = match rest {
        Some(rest) => format!("{}\n{}", rest_of(rest), START_DIVIDED),
        None => START_WHOLE.to_owned(),
    };
    format!(
        r#"<link rel="preload" href="./{wasm}" as="fetch" type="application/wasm" crossorigin>
  <link rel="modulepreload" href="./{js}">
  <script type="module">
    import start from "./{js}";
    const program = {{ module_or_path: new URL("./{wasm}", document.baseURI) }};
    if ("serviceWorker" in navigator) {{
      addEventListener("load", () => navigator.serviceWorker.register("./sw.js").catch(() => {{}}));
    }}
{start}
  </script>"#
    )
}

const START_WHOLE: &str = "    start(program);";

/// The rest of the program, and the function that the program calls when it cannot wait for it.
fn rest_of(rest: &str) -> String {
    format!(
        r#"    const rest = new URL("./{rest}", document.baseURI);
    let compiled, isThere;
    const join = (first, module) => {{
      if (isThere) return;
      const functions = WebAssembly.Module.imports(module).filter(({{ kind }}) => kind === "function");
      const lent = functions.map(({{ name }}) => [name, first.t.get(Number(name))]);
      new WebAssembly.Instance(module, {{ first: {{ ...first, ...Object.fromEntries(lent) }} }});
      isThere = true;
    }};
    globalThis.ottlaLoadRest = (first) => {{
      if (compiled) return join(first, compiled);
      const request = new XMLHttpRequest();
      request.open("GET", rest, false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      join(first, new WebAssembly.Module(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0))));
    }};
    const compile = async () => {{ compiled = await WebAssembly.compileStreaming(fetch(rest)); }};"#
    )
}

/// Home is the first view: there the rest follows it. On every other page it is needed from the beginning, and who comes again has it already:
/// then the worker `sw.js` answers, also without a network.
const START_DIVIDED: &str = r##"    const isFirstView = ["", "#/"].includes(location.hash) && !navigator.serviceWorker?.controller;
    if (isFirstView) {
      const first = await start(program);
      const later = globalThis.requestIdleCallback ?? setTimeout;
      later(() => compile().then(() => join(first, compiled)).catch(() => {}));
    } else {
      await compile().catch(() => {});
      start(program);
    }"##;

fn link(tag: &str) -> Result<Link, String> {
    let href = || attribute(tag, "href").ok_or(format!("{tag} has no href"));
    let target = || attribute(tag, "data-target-path").unwrap_or_default();
    match attribute(tag, "rel").as_deref() {
        Some("rust") => Ok(Link::Rust),
        Some("inline") if attribute(tag, "type").as_deref() == Some("css") => {
            Ok(Link::Style(href()?))
        }
        Some("copy-file") => {
            let from = href()?;
            let name = from.rsplit('/').next().unwrap_or_default();
            let to = match target().as_str() {
                "" => name.to_owned(),
                folder => format!("{folder}/{name}"),
            };
            Ok(Link::CopyFile { from, to })
        }
        Some("copy-dir") => {
            let from = href()?;
            let name = from.trim_end_matches('/').rsplit('/').next();
            let to = match target().as_str() {
                "" => name.unwrap_or_default().to_owned(),
                folder => folder.to_owned(),
            };
            Ok(Link::CopyDir { from, to })
        }
        _ => Err(format!(
            "{tag}: only rel=rust, inline with type=css, copy-file and copy-dir are understood"
        )),
    }
}

/// The value of `name="value"`.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = format!(" {name}=\"");
    let value = tag.split_once(&start)?.1;
    Some(value.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const PAGE: &str = r#"<head>
  <base data-trunk-public-url>
  <link data-trunk rel="rust" href="web/Cargo.toml">
  <link data-trunk rel="inline" type="css" href="web/a.css">
  <link data-trunk rel="inline" type="css" href="web/b.css">
  <link data-trunk rel="copy-dir" href="target/web-code" data-target-path="code">
  <link data-trunk rel="copy-file" href="web/icon.svg">
</head>
"#;

    fn page(text: &str) -> Result<Page, String> {
        Page::parse(text.to_owned())
    }

    #[test]
    fn the_links_are_those_of_trunk() {
        let links = page(PAGE).unwrap().links;
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let (dir, file) = (
            pair("target/web-code", "code"),
            pair("web/icon.svg", "icon.svg"),
        );
        assert_eq!(
            links,
            [
                Link::Rust,
                Link::Style("web/a.css".to_owned()),
                Link::Style("web/b.css".to_owned()),
                Link::CopyDir {
                    from: dir.0,
                    to: dir.1
                },
                Link::CopyFile {
                    from: file.0,
                    to: file.1
                },
            ]
        );
    }

    #[test]
    fn every_address_in_the_written_page_is_relative() {
        let names = Names {
            wasm: "ottla-1.wasm".to_owned(),
            rest: None,
            js: "ottla-2.js".to_owned(),
        };
        let written = page(PAGE).unwrap().render("body{margin:0}\n", &names);
        expect![[r#"
            <head>
              <link rel="preload" href="./ottla-1.wasm" as="fetch" type="application/wasm" crossorigin>
              <link rel="modulepreload" href="./ottla-2.js">
              <script type="module">
                import start from "./ottla-2.js";
                const program = { module_or_path: new URL("./ottla-1.wasm", document.baseURI) };
                if ("serviceWorker" in navigator) {
                  addEventListener("load", () => navigator.serviceWorker.register("./sw.js").catch(() => {}));
                }
                start(program);
              </script>
              <style>body{margin:0}</style>
            </head>
        "#]]
        .assert_eq(&written);
    }

    #[test]
    fn the_rest_follows_the_first_view_and_is_waited_for_elsewhere() {
        let names = Names {
            wasm: "ottla-1.wasm".to_owned(),
            rest: Some("rest-3.wasm".to_owned()),
            js: "ottla-2.js".to_owned(),
        };
        let written = page(PAGE).unwrap().render("", &names);
        let script = written.split("</script>").next().unwrap();
        let preloaded = script.split("<script").next().unwrap();
        assert!(!preloaded.contains("rest-3.wasm"), "{preloaded}");
        assert!(script.contains(r#"new URL("./rest-3.wasm", document.baseURI)"#));
        let home = script.find("await start(program)").unwrap();
        let elsewhere = script.find("await compile()").unwrap();
        assert!(home < elsewhere, "{script}");
    }

    #[test]
    fn what_trunk_would_do_and_this_does_not_is_refused() {
        let refused = page(r#"<link data-trunk rel="rust"><link data-trunk rel="sass" href="a">"#);
        assert_eq!(
            refused.unwrap_err(),
            r#"<link data-trunk rel="sass" href="a">: only rel=rust, inline with type=css, copy-file and copy-dir are understood"#
        );
        assert!(page("<head></head>").unwrap_err().contains("there are 0"));
    }
}
