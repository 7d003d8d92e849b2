//! The bare client: frames made by hand over a blocking socket.
//!
//! It does so little that the broker's own work stands out: requests are made before the clock runs, and answers
//! are only looked at for their error codes. All versions are the last ones before the flexible encoding.

mod batch;
mod connection;
mod frame;
pub mod requests;

pub use batch::{batch, last_offset};
pub use connection::Connection;
pub use frame::{Frame, Reader};
