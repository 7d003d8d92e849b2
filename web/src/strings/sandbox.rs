//! Texts of sandbox.
