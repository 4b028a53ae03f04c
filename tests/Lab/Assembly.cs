// The scenarios measure milliseconds, and name their network namespaces by process: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
