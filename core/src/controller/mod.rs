//! Topics and configuration: decided here, written as records of the metadata log.
