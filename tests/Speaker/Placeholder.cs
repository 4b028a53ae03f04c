namespace OrleansLb.Speaker.Tests;
