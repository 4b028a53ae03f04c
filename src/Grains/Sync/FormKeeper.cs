using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Sync;

/// <summary>
/// Has the record remember what was accepted of the configuration, in the background: nothing waits for it, and while it fails it is tried again.
/// </summary>
internal sealed class FormKeeper
{
    private readonly IAcceptedForms _forms;
    private readonly InsistentRun _writing;

    /// <param name="after">Does something later, in a turn of the grain that this belongs to.</param>
    public FormKeeper(IAcceptedForms forms, ServiceOptions options, Action<TimeSpan, Func<Task>> after, ILogger logger, CancellationToken stopping)
    {
        _forms = forms;
        _writing = new(Write, new(options.RetryDelay, options.RetryLimit), PutOff);

        async Task<bool> Write()
        {
            await forms.Write(stopping);
            return true;
        }

        void PutOff(Exception? why, TimeSpan delay, Func<Task> then)
        {
            if (stopping.IsCancellationRequested) return;
            logger.FormsNotKept(delay, why?.Message ?? "");
            after(delay, then);
        }
    }

    /// <summary>What the feed told last was judged so.</summary>
    public void Keep(ClusterConfiguration live)
    {
        _forms.Note(live.Refused.ToEquatableList(),
            live.Declarations.Where(declaration => declaration.IsReferredTo).Select(declaration => declaration.Source).Distinct().ToEquatableList());
        _ = _writing.Run(); // it never fails
    }
}
