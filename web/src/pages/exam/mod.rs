//! The exam: a question after the other, and what is worth reading again.

mod question;
mod result;

use std::rc::Rc;

use ottla_lab::lesson::{self, LessonError, Question};
use yew::prelude::*;

use crate::parts::{Shared, use_page_title};
use crate::storage::{Change, ExamResult, use_progress};
use crate::strings::{exam as strings, progress as progress_strings};

use question::QuestionPage;
use result::Result as ResultPage;

/// All questions of the exam.
type Questions = Shared<Vec<Question>>;

/// How far somebody is.
#[derive(Clone, PartialEq)]
enum Stage {
    Before,
    /// Which questions were answered rightly so far; the next one is being asked.
    Asking(Vec<bool>),
    After(Vec<bool>),
}

/// The exam.
#[component]
pub(crate) fn Exam() -> Html {
    let questions: Rc<Result<Questions, LessonError>> =
        use_memo((), |()| lesson::exam().map(Shared::new));
    match &*questions {
        Ok(questions) => html! { <Inside questions={questions.clone()} /> },
        Err(error) => html! {
            <div class="page text">
                <h1>{ strings::TITLE }</h1>
                <p class="lead">{ strings::BROKEN }{ " " }{ error.to_string() }</p>
            </div>
        },
    }
}

#[derive(Properties, PartialEq)]
struct Props {
    questions: Questions,
}

#[component]
fn Inside(props: &Props) -> Html {
    let stage = use_state(|| Stage::Before);
    let kept = use_progress();
    let questions = props.questions.clone();
    let begin = {
        let stage = stage.setter();
        Callback::from(move |()| stage.set(Stage::Asking(Vec::new())))
    };
    let on_next = {
        let (stage, kept, questions_count) = (stage.clone(), kept.dispatcher(), questions.len());
        Callback::from(move |is_right| {
            let Stage::Asking(mut answers) = (*stage).clone() else {
                return;
            };
            answers.push(is_right);
            if answers.len() < questions_count {
                stage.set(Stage::Asking(answers));
                return;
            }
            kept.dispatch(Change::Examine(ExamResult {
                right_count: answers.iter().filter(|is_right| **is_right).count(),
                questions_count,
            }));
            stage.set(Stage::After(answers));
        })
    };
    match &*stage {
        Stage::Before => {
            html! { <Before count={questions.len()} on_begin={begin} best={kept.progress.exam()} /> }
        }
        Stage::Asking(answers) => html! {
            <QuestionPage key={answers.len()} {questions} index={answers.len()} {on_next} />
        },
        Stage::After(answers) => html! {
            <ResultPage {questions} answers={answers.clone()} on_again={begin} />
        },
    }
}

#[derive(Properties, PartialEq)]
struct BeforeProps {
    count: usize,
    on_begin: Callback<()>,
    best: Option<ExamResult>,
}

#[component]
fn Before(props: &BeforeProps) -> Html {
    let heading = use_node_ref();
    use_page_title(strings::TITLE, heading.clone());
    let onclick = props.on_begin.reform(|_: MouseEvent| ());
    html! {
        <div class="page text">
            <h1 ref={heading} tabindex="-1">{ strings::TITLE }</h1>
            <p class="lead">{ strings::LEAD }{ " " }{ strings::about(props.count) }</p>
            if let Some(best) = props.best {
                <p class="soft after">{ progress_strings::best_exam(best.right_count, best.questions_count) }</p>
            }
            <p class="row after"><button type="button" class="btn p large" {onclick}>{ strings::BEGIN }</button></p>
        </div>
    }
}
