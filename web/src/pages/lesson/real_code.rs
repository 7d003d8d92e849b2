//! The same thing in the languages of the world outside.

use yew::prelude::*;

use super::InsideProps;
use crate::parts::{CopyButton, Tabs};
use crate::strings::lesson as strings;

/// KafkaJS, Java, the command line.
#[component]
pub(crate) fn RealCode(props: &InsideProps) -> Html {
    let snippets = &props.lesson.real_code;
    let chosen = use_state(|| 0);
    let Some(snippet) = snippets.get(*chosen) else {
        return Html::default();
    };
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |index| chosen.set(index))
    };
    let names: Vec<AttrValue> = snippets
        .iter()
        .map(|snippet| snippet.label.clone().into())
        .collect();
    html! {
        <section class="code-tabs">
            <h2>{ strings::REAL_CODE }</h2>
            <Tabs id="code" label={strings::REAL_CODE} {names} chosen={*chosen} {on_choose}>
                <div class="code">
                    <pre tabindex="0"><code>{ snippet.text.clone() }</code></pre>
                    <CopyButton text={snippet.text.clone()} />
                </div>
            </Tabs>
        </section>
    }
}
