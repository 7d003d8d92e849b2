//! What the page has to say beside its text: at the lower edge, until it is dismissed.

use yew::prelude::*;

use crate::strings::parts as strings;

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// One sentence.
    pub(crate) text: String,
    /// More of it, a line each.
    pub(crate) details: Vec<String>,
}

impl From<&str> for Notice {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            details: Vec::new(),
        }
    }
}

/// Takes what is to be said.
#[derive(Clone, PartialEq)]
pub(crate) struct Notices(pub(crate) Callback<Notice>);

impl Notices {
    /// Says something.
    pub(crate) fn say(&self, notice: impl Into<Notice>) {
        self.0.emit(notice.into());
    }
}

/// Where things are said.
#[hook]
pub(crate) fn use_notices() -> Notices {
    use_context().unwrap_or_else(|| Notices(Callback::noop()))
}

/// What [`NoticeList`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Newest last.
    pub(crate) list: Vec<Notice>,
    /// The one with this index has been read.
    pub(crate) on_dismiss: Callback<usize>,
}

/// What has been said and not been dismissed.
#[component]
pub(crate) fn NoticeList(props: &Props) -> Html {
    let notices = props.list.iter().enumerate().map(|(index, notice)| {
        let onclick = props.on_dismiss.reform(move |_: MouseEvent| index);
        html! {
            <div class="notice">
                <div>
                    <p>{ notice.text.clone() }</p>
                    if !notice.details.is_empty() {
                        <ul>{ for notice.details.iter().map(|line| html! { <li>{ line.clone() }</li> }) }</ul>
                    }
                </div>
                <button type="button" class="btn q" {onclick}>{ strings::DISMISS }</button>
            </div>
        }
    });
    html! { <div class="notices" role="status">{ for notices }</div> }
}
