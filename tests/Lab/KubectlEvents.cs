namespace OrleansLb.Lab.Tests;

/// <summary>Events as kubectl sees them: they are written in the background, some time after what they tell of.</summary>
internal static class KubectlEvents
{
    /// <summary>Nothing here takes so long; it only ends a test that would hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What the first event says that the selector lets through, whenever it comes.</summary>
    public static async Task<string> First(Uri server, string fieldSelector, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        using var watch = Tool.Start("kubectl", "--kubeconfig", "/dev/null", "--server", server.GetLeftPart(UriPartial.Authority),
            "get", "events", "--watch", "--field-selector", fieldSelector, "-o", "jsonpath={.message}{\"\\n\"}");
        try
        {
            return await watch.StandardOutput.ReadLineAsync(late.Token)
                ?? throw new InvalidOperationException(await watch.StandardError.ReadToEndAsync(late.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"In {Patience.TotalSeconds:0} s there was no event with {fieldSelector}.");
        }
        finally
        {
            if (!watch.HasExited) watch.Kill();
            await watch.WaitForExitAsync(CancellationToken.None);
        }
    }
}
