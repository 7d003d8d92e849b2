//! What consuming commands share: keys and values as text.

mod deserializer;
