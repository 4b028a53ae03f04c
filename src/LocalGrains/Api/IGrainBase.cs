using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain class: what the silo needs of it.</summary>
public interface IGrainBase
{
    /// <summary>The activation that this instance is.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Called once, before the first call.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Called once, after the last call, unless the activation is lost.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
