using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>A silo that must not go on falls silent at once and is started anew in the same process, where Orleans would end the process.</summary>
internal sealed class FatalErrors(Doom doom, ILogger<FatalErrors> log) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        var reason = context ?? exception?.Message ?? "a fault that cannot be mended";
        doom.Tell(reason);
        log.SiloDoomed(reason, exception);
    }
}
