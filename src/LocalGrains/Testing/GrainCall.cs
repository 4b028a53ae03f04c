using Orleans.Runtime;

namespace OrleansLb.LocalGrains;

/// <summary>A call as a fault's condition sees it.</summary>
public sealed record GrainCall(GrainId Target, string Interface, string Method);
