//! The configuration keys that users set.
